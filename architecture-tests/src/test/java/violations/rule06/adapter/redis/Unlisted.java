package violations.rule06.adapter.redis;

import org.assertj.core.api.Assert;

record Unlisted(Assert<?, ?>[] library) {}
