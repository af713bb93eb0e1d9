package violations.rule18.adapter.spi;

public interface BrokerProvider {}
