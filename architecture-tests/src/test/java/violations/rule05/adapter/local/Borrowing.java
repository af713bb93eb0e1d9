package violations.rule05.adapter.local;

import violations.rule05.adapter.redis.Pool;

record Borrowing(Pool pool) {}
