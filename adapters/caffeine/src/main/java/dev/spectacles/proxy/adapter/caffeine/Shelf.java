package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.domain.request.Body;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Entities of one type in one guild, by ascending id: two arrays, as a map's entries would take as
 * much again as small entities do. Immutable.
 */
final class Shelf {
  static final Shelf EMPTY = new Shelf(new long[0], new byte[0][], 0);

  private final long[] ids;
  private final byte[][] json;
  private final long bytes;

  private Shelf(long[] ids, byte[][] json, long bytes) {
    this.ids = ids;
    this.json = json;
    this.bytes = bytes;
  }

  /** How many there are. */
  int size() {
    return ids.length;
  }

  /** Bytes of their JSON. */
  long bytes() {
    return bytes;
  }

  boolean has(long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  long id(int at) {
    return ids[at];
  }

  Optional<Body> get(long id) {
    int at = Arrays.binarySearch(ids, id);
    return at < 0 ? Optional.empty() : Optional.of(Body.of(json[at]));
  }

  SortedMap<Long, Body> all() {
    var all = new TreeMap<Long, Body>();
    for (int i = 0; i < ids.length; i++) {
      all.put(ids[i], Body.of(json[i]));
    }
    return all;
  }

  /** The same with these in place of what was there; without those that are empty. */
  Shelf with(SortedMap<Long, Optional<Body>> changed) {
    var newIds = new long[ids.length + changed.size()];
    var newJson = new byte[newIds.length][];
    long newBytes = 0;
    int size = 0;
    int next = 0;
    for (Map.Entry<Long, Optional<Body>> change : changed.entrySet()) {
      long id = change.getKey();
      while (next < ids.length && ids[next] < id) {
        newBytes += json[next].length;
        newIds[size] = ids[next];
        newJson[size++] = json[next++];
      }
      if (next < ids.length && ids[next] == id) {
        next++;
      }
      if (change.getValue().isPresent()) {
        byte[] put = change.getValue().get().bytes();
        newBytes += put.length;
        newIds[size] = id;
        newJson[size++] = put;
      }
    }
    while (next < ids.length) {
      newBytes += json[next].length;
      newIds[size] = ids[next];
      newJson[size++] = json[next++];
    }
    return size == 0
        ? EMPTY
        : new Shelf(Arrays.copyOf(newIds, size), Arrays.copyOf(newJson, size), newBytes);
  }
}
