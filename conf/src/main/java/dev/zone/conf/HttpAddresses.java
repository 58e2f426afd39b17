package dev.zone.conf;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses that files name. */
public final class HttpAddresses {
  private static final int MOST_CHARS = 2000;

  private HttpAddresses() {}

  /**
   * An absolute address of http or https with a host; empty if the text is none, or has a user or a
   * password, which belong in no file, or a fragment, which no server is asked for.
   */
  public static Optional<URI> parse(String text) {
    if (text.length() > MOST_CHARS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(text)).filter(HttpAddresses::isPlain);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(URI address) {
    return ("http".equalsIgnoreCase(address.getScheme())
            || "https".equalsIgnoreCase(address.getScheme()))
        && address.getHost() != null
        && address.getRawUserInfo() == null
        && address.getRawFragment() == null;
  }
}
