package dev.zone.datasets.generate;

import java.util.Arrays;

/**
 * A control unit's message: its identifier, how often it is sent and what its bytes are. Physical
 * values lie big-endian; the last two bytes are a counter and a sum over the others, as common in
 * cars.
 */
enum Sender {
  STEERING(0x0A5, 0.010) {
    @Override
    void signals(Car car, byte[] into) {
      word(into, 0, 32768 + car.steering() * 16);
      word(into, 2, 32768 + car.steering() * car.speed() * 2);
    }
  },
  ENGINE(0x0C9, 0.010) {
    @Override
    void signals(Car car, byte[] into) {
      word(into, 0, car.rpm() * 4);
      into[2] = level(car.throttle() * 255);
      into[3] = level(20 + car.throttle() * car.rpm() / 40);
    }
  },
  BRAKE(0x0F1, 0.010) {
    @Override
    void signals(Car car, byte[] into) {
      into[0] = level(car.brake() * 255);
      into[1] = level(car.brake() > 0.02 ? 1 : 0);
      word(into, 2, car.brake() * 9000);
    }
  },
  WHEELS(0x1E9, 0.020) {
    @Override
    void signals(Car car, byte[] into) {
      word(into, 0, car.speed() * 360 * (1 - car.steering() * 1e-4));
      word(into, 2, car.speed() * 360 * (1 + car.steering() * 1e-4));
    }
  },
  GEARBOX(0x1F5, 0.020) {
    @Override
    void signals(Car car, byte[] into) {
      into[0] = level(car.gear());
      word(into, 1, car.rpm() * 4 * 0.98);
    }
  },
  SPEED(0x3E9, 0.050) {
    @Override
    void signals(Car car, byte[] into) {
      word(into, 0, car.speed() * 360);
      into[2] = level(car.speed() * 3.6);
    }
  },
  TEMPERATURE(0x4C1, 0.100) {
    @Override
    void signals(Car car, byte[] into) {
      into[0] = level(car.coolant() + 40);
      into[1] = level(62);
    }
  },
  BODY(0x541, 0.100) {
    @Override
    void signals(Car car, byte[] into) {
      into[0] = level(car.steering() > 60 ? 1 : car.steering() < -60 ? 2 : 0);
      into[1] = level(car.brake() > 0.02 ? 0x80 : 0);
    }
  };

  private final int id;
  private final double period;

  Sender(int id, double period) {
    this.id = id;
    this.period = period;
  }

  int id() {
    return id;
  }

  /** Seconds between two frames. */
  double period() {
    return period;
  }

  abstract void signals(Car car, byte[] into);

  /** Fills all eight bytes. */
  void write(Car car, int counter, byte[] into) {
    Arrays.fill(into, (byte) 0);
    signals(car, into);
    seal(counter, into);
  }

  /** Sets counter and sum, so that the frame is in order. */
  void seal(int counter, byte[] into) {
    into[6] = (byte) (counter & 15);
    int sum = id;
    for (int i = 0; i < 7; i++) {
      sum += into[i] & 255;
    }
    into[7] = (byte) sum;
  }

  private static byte level(double value) {
    return (byte) (int) Math.max(0, Math.min(255, Math.rint(value)));
  }

  static void word(byte[] into, int at, double value) {
    int bits = (int) Math.max(0, Math.min(65535, Math.rint(value)));
    into[at] = (byte) (bits >> 8);
    into[at + 1] = (byte) bits;
  }
}
