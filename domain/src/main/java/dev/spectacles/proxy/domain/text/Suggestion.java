package dev.spectacles.proxy.domain.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Guesses what somebody meant to write, by edit distance. */
public final class Suggestion {
  private Suggestion() {}

  /** {@code " (did you mean x?)"}, or nothing where no candidate is near. */
  public static String of(String written, Collection<String> candidates) {
    return nearest(written, candidates)
        .map(candidate -> " (did you mean " + candidate + "?)")
        .orElse("");
  }

  /** The nearest candidate, if one is near; the first by name of several. */
  public static Optional<String> nearest(String written, Collection<String> candidates) {
    String best = null;
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    // Sorted, so that equal distances always give the same answer.
    for (String candidate : new TreeSet<>(candidates)) {
      int distance = distance(plain(written), plain(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Levenshtein's distance where swapping two neighbours counts once. */
  private static int distance(String a, String b) {
    int[][] costs = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          costs[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int cost =
            Math.min(Math.min(costs[i - 1][j], costs[i][j - 1]) + 1, costs[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        costs[i][j] = swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
      }
    }
    return costs[a.length()][b.length()];
  }
}
