@NullMarked
package dev.sluice.localstack.real;

import org.jspecify.annotations.NullMarked;
