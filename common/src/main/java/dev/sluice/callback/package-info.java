/**
 * What a parser is given to prove that a callback is its own: a header that we made, and a secret
 * to sign with. The parse function makes both, the webhook function checks them. Needs nothing but
 * java.* and javax.crypto.
 */
@NullMarked
package dev.sluice.callback;

import org.jspecify.annotations.NullMarked;
