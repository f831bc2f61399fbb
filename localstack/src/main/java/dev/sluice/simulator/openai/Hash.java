package dev.sluice.simulator.openai;

/** A 64-bit hash in whole numbers only: FNV-1a over UTF-16 units, finished by a mixer. */
final class Hash {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  static long of(CharSequence text, long seed) {
    long hash = BASIS ^ (seed * PRIME);
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mix(hash);
  }

  static int position(long hash, int dimensions) {
    return (int) Long.remainderUnsigned(hash >>> 1, dimensions);
  }

  static int sign(long hash) {
    return (hash & 1) == 0 ? 1 : -1;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
