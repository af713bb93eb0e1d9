package violations.rule14.adapter.local;

final class Hiding {
  private static final ThreadLocal<String> NAME = new ThreadLocal<>();
  private static int count;

  synchronized int next() {
    return ++count;
  }

  String name() {
    synchronized (this) {
      return NAME.get();
    }
  }
}
