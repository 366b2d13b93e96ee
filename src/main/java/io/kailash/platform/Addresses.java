package io.kailash.platform;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Reads the address of a store and refuses one that cannot be used. */
final class Addresses {
  private Addresses() {}

  static URI read(Settings settings, String name, String fallback, String... schemes) {
    String text = settings.text(name, fallback);
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException notAnAddress) {
      // The cause would repeat the whole text, and with it a password.
      throw new InvalidSettingException(
          name, "is not an address: " + notAnAddress.getReason(), null);
    }
    if (address.getScheme() == null || !List.of(schemes).contains(address.getScheme())) {
      throw new InvalidSettingException(
          name, "does not begin with " + String.join(":// or ", schemes) + "://", null);
    }
    if (address.getHost() == null) {
      throw new InvalidSettingException(name, "names no host", null);
    }
    return address;
  }

  static String withoutUser(URI address) {
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort())
        + (address.getRawPath() == null ? "" : address.getRawPath());
  }
}
