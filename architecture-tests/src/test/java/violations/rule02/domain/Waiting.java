package violations.rule02.domain;

import java.util.concurrent.locks.ReentrantLock;

record Waiting(ReentrantLock lock) {}
