/** Where this machine keeps what is made once and can be made again. */
@NullMarked
package dev.sluice.localstack.cache;

import org.jspecify.annotations.NullMarked;
