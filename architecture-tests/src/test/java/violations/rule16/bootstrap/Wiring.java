package violations.rule16.bootstrap;

import violations.rule16.adapter.local.Wired;

final class Wiring {
  Wired wired() {
    return new Wired();
  }
}
