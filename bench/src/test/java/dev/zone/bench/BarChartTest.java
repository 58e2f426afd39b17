package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class BarChartTest {
  @Test
  void barsAreAsLongAsTheirMedians() throws Exception {
    String svg =
        new BarChart("a < b & c")
            .bar("zone", new Spread(900, 1000, 1000))
            .bar("peer", new Spread(500, 500, 500))
            .svg();

    Document parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(parsed.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("a < b & c");
    // The first rectangle is the background.
    assertThat(width(parsed, 1)).isEqualTo(2 * width(parsed, 2));
  }

  private static double width(Document parsed, int rectangle) {
    Element element = (Element) parsed.getElementsByTagName("rect").item(rectangle);
    return Double.parseDouble(element.getAttribute("width"));
  }
}
