/**
 * The real providers behind the local cloud: their keys, what may be spent on them, and the proxies
 * through which alone the functions reach them.
 */
@NullMarked
package dev.sluice.localstack.real;

import org.jspecify.annotations.NullMarked;
