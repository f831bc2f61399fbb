/**
 * Reads {@code template.yaml}: tags and intrinsic functions, parameters, conditions and globals,
 * into the few records that the local cloud runs. What it cannot honour it refuses by name, so that
 * a template never means less here than on AWS without anyone being told.
 */
@NullMarked
package dev.sluice.localstack.template;

import org.jspecify.annotations.NullMarked;
