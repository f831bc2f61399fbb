package dev.sluice.chunk;

import java.util.List;

/**
 * What one embedding call takes.
 *
 * @param number counted from 0 within the job
 * @param tokens the sum of its texts'
 */
record PlannedBatch(int number, List<String> embedShas, int tokens) {
  PlannedBatch {
    embedShas = List.copyOf(embedShas);
  }
}
