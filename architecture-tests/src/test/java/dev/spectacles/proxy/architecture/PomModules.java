package dev.spectacles.proxy.architecture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.SAXException;

/** The modules that a pom lists. */
final class PomModules {
  private PomModules() {}

  static List<String> of(Path pom) {
    try {
      var modules =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(pom.toFile())
              .getElementsByTagName("module");
      return IntStream.range(0, modules.getLength())
          .mapToObj(i -> modules.item(i).getTextContent().strip())
          .toList();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(pom + ": not readable", e);
    }
  }
}
