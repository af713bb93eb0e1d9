package violations.rule01.bootstrap;

final class Wiring {}
