package violations.rule09.application.port.out;

final class Finished {}
