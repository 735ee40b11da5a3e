#!/usr/bin/env python3
"""Write Tests/Fixtures/tensorboard/golden.tfevents: events as TensorBoard's own writer makes them.

Needs pip's tensorboard. The events, with fixed times, are those that Tests/ReportsTests/TensorBoard builds as well; the
test expects equal bytes.

usage: make_tensorboard_fixtures.py [FOLDER]
"""
import pathlib
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

HISTOGRAM = dict(min=-1.0, max=3.0, num=4.0, sum=3.0, sum_squares=11.0, bucket_limit=[0.0, 1.0, 2.0, 3.0],
                 bucket=[1.0, 1.0, 1.0, 1.0])


def summary(tag, **value):
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, **value)])


def events():
    text = tensor_pb2.TensorProto(
        dtype="DT_STRING", string_val=["**good**: 96 % — as good as the zoo".encode()],
        tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]))
    plugin = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text"))
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    yield event_pb2.Event(wall_time=1.75e9, file_version="brain.Event:2")
    yield event_pb2.Event(wall_time=1.75e9, step=300, session_log=start)
    yield event_pb2.Event(wall_time=1.75e9 + 0.5, summary=summary("generator/loss", simple_value=0.625))
    yield event_pb2.Event(wall_time=1.75e9 + 1, step=301, summary=summary("generator/loss", simple_value=0.0))
    yield event_pb2.Event(wall_time=1.75e9 + 2, step=1 << 40, summary=summary("distance/zoo", simple_value=0.1))
    yield event_pb2.Event(wall_time=1.75e9 + 3, step=302,
                          summary=summary("codes/zoo", histo=summary_pb2.HistogramProto(**HISTOGRAM)))
    yield event_pb2.Event(wall_time=1.75e9 + 4, step=302, summary=summary("verdict", tensor=text, metadata=plugin))


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "Tests/Fixtures/tensorboard"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "golden.tfevents", "wb") as file:
        writer = RecordWriter(file)
        for event in events():
            writer.write(event.SerializeToString(deterministic=True))
        writer.flush()


if __name__ == "__main__":
    main()
