import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies google-java-format to every Java source below a folder: {@code check|apply
 * DIR}.
 */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    if (!apply && !args[0].equals("check")) {
      throw new IllegalArgumentException("format: " + args[0] + " (expected: check or apply)");
    }
    List<Path> unformatted = new ArrayList<>();
    Formatter formatter = new Formatter();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (Path file : files.filter(Format::isSource).sorted().toList()) {
        String source = Files.readString(file);
        String formatted;
        try {
          formatted = formatter.formatSourceAndFixImports(source);
        } catch (com.google.googlejavaformat.java.FormatterException e) {
          throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
        if (!formatted.equals(source)) {
          unformatted.add(file);
          if (apply) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    unformatted.forEach(
        file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
    if (!apply && !unformatted.isEmpty()) {
      System.out.println("Run: mvn -N validate -Dformat=apply");
      System.exit(1);
    }
  }

  private static boolean isSource(Path path) {
    String name = path.toString().replace('\\', '/');
    return name.endsWith(".java") && !name.contains("/target/") && !name.contains("/node_modules/");
  }
}
