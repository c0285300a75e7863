"""Reads {writer, key, keyId?, modelId, buckets, predictions, outcomes} as JSON from standard input and writes, for each
bucket, {partitionKey, data} with the packed record in base64, as JSON lines."""

import base64
import json
import sys

from runway_wire import bucket_of, pack, partition_key


def main():
    given = json.load(sys.stdin)
    model_id, buckets = given["modelId"], given["buckets"]
    rows_of = lambda rows, bucket: [row for row in rows if bucket_of(row["predictionId"], buckets) == bucket]
    for bucket in range(buckets):
        predictions = rows_of(given["predictions"], bucket)
        outcomes = rows_of(given["outcomes"], bucket)
        if predictions or outcomes:
            key_id = given.get("keyId", 1)
            data = pack(given["writer"], given["key"], model_id, bucket, predictions, outcomes, key_id)
            line = {"partitionKey": partition_key(model_id, bucket), "data": base64.b64encode(data).decode("ascii")}
            print(json.dumps(line))


if __name__ == "__main__":
    main()
