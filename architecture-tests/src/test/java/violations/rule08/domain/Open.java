package violations.rule08.domain;

class Open {
  private final int value;

  Open(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
