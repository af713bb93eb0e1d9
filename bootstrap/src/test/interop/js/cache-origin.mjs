// The origin of http-cache-tests on a free port of loopback, which it prints. Ends with its
// standard input.
// It is asked below /v10, which the suite knows nothing of.

import http from 'node:http';
import handleConfig from 'http-cache-tests/server/handle-config.mjs';
import handleState from 'http-cache-tests/server/handle-state.mjs';
import handleTest from 'http-cache-tests/server/handle-test.mjs';
import { configs, stash } from 'http-cache-tests/server/utils.mjs';

/** A request that the proxy repeats after an error counts once: the suite knows no repetition. */
function handleOnce(segments, request, response) {
  const [uuid] = segments;
  const number = Number(request.headers['req-num']);
  const [status] = configs.get(uuid)?.[number - 1]?.response_status ?? [200];
  if (status >= 500 && stash.get(uuid)?.at(-1).request_num === number) stash.get(uuid).pop();
  handleTest(segments, request, response);
}

const handlers = { config: handleConfig, state: handleState, test: handleOnce };

const server = http.createServer((request, response) => {
  const [, , kind, ...segments] = new URL(request.url, 'http://localhost').pathname.split('/');
  const handler = handlers[kind];
  if (handler) {
    handler(segments, request, response);
  } else {
    response.writeHead(404).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
