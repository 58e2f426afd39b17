package dev.zone.datasets;

/**
 * Normal numbers by layers of equal area (Marsaglia and Tsang, J. Stat. Soft. 5(8), 2000, in the
 * form of Doornik, "An improved ziggurat method to generate normal random samples", 2005). All
 * functions are StrictMath's, so all platforms draw the same.
 */
final class Ziggurat {
  private static final int LAYERS = 128;

  /** Where the tail begins. */
  private static final double TAIL = 3.442619855899;

  /** Area of each layer. */
  private static final double AREA = 9.91256303526217e-3;

  private static final double[] EDGE = new double[LAYERS + 1];
  private static final double[] RATIO = new double[LAYERS];

  static {
    double density = StrictMath.exp(-0.5 * TAIL * TAIL);
    EDGE[0] = AREA / density;
    EDGE[1] = TAIL;
    EDGE[LAYERS] = 0;
    for (int i = 2; i < LAYERS; i++) {
      EDGE[i] = Math.sqrt(-2 * StrictMath.log(AREA / EDGE[i - 1] + density));
      density = StrictMath.exp(-0.5 * EDGE[i] * EDGE[i]);
    }
    for (int i = 0; i < LAYERS; i++) {
      RATIO[i] = EDGE[i + 1] / EDGE[i];
    }
  }

  private Ziggurat() {}

  static double next(SeededRandom random) {
    while (true) {
      long bits = random.nextLong();
      int layer = (int) (bits & (LAYERS - 1));
      // The upper 53 bits: none is shared with the layer's number.
      double u = 2 * ((bits >>> 11) * 0x1.0p-53) - 1;
      if (Math.abs(u) < RATIO[layer]) {
        return u * EDGE[layer];
      }
      if (layer == 0) {
        return tail(random, u < 0);
      }
      double x = u * EDGE[layer];
      double low = StrictMath.exp(-0.5 * (EDGE[layer] * EDGE[layer] - x * x));
      double high = StrictMath.exp(-0.5 * (EDGE[layer + 1] * EDGE[layer + 1] - x * x));
      if (high + random.nextDouble() * (low - high) < 1) {
        return x;
      }
    }
  }

  private static double tail(SeededRandom random, boolean negative) {
    double x;
    double y;
    do {
      x = StrictMath.log(1 - random.nextDouble()) / TAIL;
      y = StrictMath.log(1 - random.nextDouble());
    } while (-2 * y < x * x);
    return negative ? x - TAIL : TAIL - x;
  }
}
