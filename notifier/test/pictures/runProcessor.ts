import { createLog } from '@ums/kit/log';
import { pictureProcessor } from '../../src/picture-processing/pictureProcessor.js';
import { flatJpeg } from './flatJpeg.js';
import { FROM_SOURCES } from './fromSources.js';

/** Processes one large picture after the other until it is killed. Prints the log, which names the picture process. */
const processor = pictureProcessor({
  ...{ log: createLog({ service: 'test' }), execArgv: FROM_SOURCES },
  ...{ startLimitMs: 60_000, timeLimitMs: 60_000 },
});
const picture = flatJpeg({ columns: 600, rows: 600, colourOf: (x, y) => [x % 256, y % 256, 90] });
for (;;) await processor.process(picture);
