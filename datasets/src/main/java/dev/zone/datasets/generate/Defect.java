package dev.zone.datasets.generate;

/**
 * The classes of WM-811K (Wu, Jang, Chen, "Wafer Map Failure Pattern Recognition", IEEE Trans.
 * Semicond. Manuf. 28(1), 2015), in that dataset's usual order.
 */
enum Defect {
  NONE("None", 0.592),
  CENTER("Center", 0.069),
  DONUT("Donut", 0.009),
  EDGE_LOC("Edge-Loc", 0.083),
  EDGE_RING("Edge-Ring", 0.155),
  LOC("Loc", 0.058),
  NEAR_FULL("Near-full", 0.002),
  RANDOM("Random", 0.013),
  SCRATCH("Scratch", 0.019);

  private final String label;
  private final double realShare;

  Defect(String label, double realShare) {
    this.label = label;
    this.realShare = realShare;
  }

  String label() {
    return label;
  }

  /** Its share of the labelled, resampled real maps. */
  double realShare() {
    return realShare;
  }
}
