package dev.sluice.webhook;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Addresses that begin alike, in CIDR notation: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one
 * address alone.
 */
record SourceRange(byte[] network, int prefix) {

  /**
   * Reads a range; no name is looked up.
   *
   * @throws IllegalArgumentException if it is none
   */
  static SourceRange of(String cidr) {
    var parts = cidr.split("/", 2);
    var network = InetAddress.ofLiteral(parts[0]).getAddress();
    int bits = network.length * 8;
    int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("no range of addresses: " + cidr);
    }
    return new SourceRange(network, prefix);
  }

  boolean contains(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length != network.length) {
      return false;
    }
    int whole = prefix / 8;
    return Arrays.equals(bytes, 0, whole, network, 0, whole) && sameBits(bytes, whole);
  }

  private boolean sameBits(byte[] bytes, int at) {
    int bits = prefix % 8;
    return bits == 0 || ((bytes[at] ^ network[at]) & 0xff) >>> (8 - bits) == 0;
  }
}
