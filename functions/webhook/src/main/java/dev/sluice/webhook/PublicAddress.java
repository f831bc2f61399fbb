package dev.sluice.webhook;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses of the internet from those of this machine, its network, its cloud, or nobody.
 */
final class PublicAddress {
  /** Of IPv4 all but these: IANA's registry of special-purpose addresses, and multicast. */
  private static final List<SourceRange> SPECIAL_4 =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /**
   * Of IPv6 only what is given out to networks: no loopback, local, multicast or mapped address.
   */
  private static final SourceRange GLOBAL_6 = SourceRange.of("2000::/3");

  /** And of those, not what carries an IPv4 address inside, nor what documentation uses. */
  private static final List<SourceRange> SPECIAL_6 =
      ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private PublicAddress() {}

  /** Java gives an IPv4 address that is mapped into IPv6 as the IPv4 address that it is. */
  static boolean is(InetAddress address) {
    return address.getAddress().length == 4
        ? isOutside(SPECIAL_4, address)
        : GLOBAL_6.contains(address) && isOutside(SPECIAL_6, address);
  }

  private static boolean isOutside(List<SourceRange> ranges, InetAddress address) {
    return ranges.stream().noneMatch(range -> range.contains(address));
  }

  private static List<SourceRange> ranges(String... cidrs) {
    return Stream.of(cidrs).map(SourceRange::of).toList();
  }
}
