package violations.rule08.domain;

final class Changing {
  private int value;

  int next() {
    return ++value;
  }
}
