package violations.rule10.application.port.out;

public interface Broker {}
