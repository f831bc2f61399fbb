package dev.sluice.callback;

/** Where the master keys are kept, and may be rotated. */
public interface MasterKeySource {
  /** The keys, perhaps as they were a while ago. */
  MasterKeys keys();

  /** The keys as they are now, for a key id that {@link #keys} does not know. */
  MasterKeys keysAgain();

  /** Keys that never change. */
  static MasterKeySource of(MasterKeys keys) {
    return new MasterKeySource() {
      @Override
      public MasterKeys keys() {
        return keys;
      }

      @Override
      public MasterKeys keysAgain() {
        return keys;
      }
    };
  }
}
