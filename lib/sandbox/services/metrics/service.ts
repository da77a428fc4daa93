/**
 * CloudWatch metrics: what the sandbox's services record, and clients' own. One endpoint answers in
 * three protocols, each in its own: JSON (the SDKs of today), CBOR, and query (older ones).
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { ERROR_NAMES } from "./errors.ts";
import { GetMetricData } from "./get_metric_data.ts";
import { GetMetricStatistics } from "./get_metric_statistics.ts";
import { ListMetrics } from "./list_metrics.ts";
import { PutMetricData } from "./put_metric_data.ts";
import type { MetricsState } from "./state.ts";

const NAME = "GraniteServiceVersion20100801";

/** The table of operations of CloudWatch metrics on `state`. */
export function metricsService(state: MetricsState): Service {
  return {
    signingName: "monitoring",
    protocol: { kind: "awsJson", version: "1.0", targetPrefix: NAME, errorNames: ERROR_NAMES },
    otherProtocols: [
      { kind: "rpcV2Cbor", serviceName: NAME, errorNames: ERROR_NAMES },
      {
        kind: "query",
        version: "2010-08-01",
        xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
        errorNames: ERROR_NAMES,
      },
    ],
    takesGzip: true,
    operations: operationTable([
      bind(GetMetricData, state),
      bind(GetMetricStatistics, state),
      bind(ListMetrics, state),
      bind(PutMetricData, state),
    ]),
  };
}
