using System.Security.Cryptography;
using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>
/// All that two equal runs must have equal, by name: every line of the records without its wall times, and every part of the checkpoints
/// by SHA-256. How far the record files reach stands in state.json and follows the wall times' digits: it is left out, too.
/// </summary>
internal static class EndState
{
    /// <summary>Reads it.</summary>
    public static SortedDictionary<string, string> Of(string run)
    {
        var record = RunRecord.Load(run);
        record.Problems.Should().BeEmpty();
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = record.Info.Status.ToString(),
            ["config"] = record.Config!.ToJson(),
            ["last"] = File.ReadAllText(Path.Combine(run, "checkpoints", "last")).Trim(),
            ["best"] = File.ReadAllText(Path.Combine(run, "checkpoints", "best")).Trim(),
        };
        Lines("step", record.Steps.Select(s => s with { Seconds = null }));
        Lines("epoch", record.Epochs.Select(e => e with { Seconds = null }));
        Lines("evaluation", record.Evaluations);
        Lines("oracle", record.Oracles);
        var store = new CheckpointStore(Path.Combine(run, "checkpoints"));
        foreach (
            var checkpoint in store
                .Names.Where(n => n.Step is null)
                .Select(n => CheckpointStore.Read(Path.Combine(store.Folder, n.ToString())))
        )
        {
            state[$"checkpoint {checkpoint.Name}, best then"] = checkpoint.Best?.ToString() ?? "none";
            foreach (var (name, bytes) in checkpoint.Parts)
                state[$"checkpoint {checkpoint.Name}, {name}"] =
                    name == "state.json" ? WithoutPositions(bytes) : Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        }
        return state;

        void Lines<T>(string what, IEnumerable<T> records)
        {
            var count = 0;
            foreach (var one in records)
                state[$"{what} {++count:D4}"] = JsonSerializer.Serialize(one, RunJson.Line);
            state[what + "s"] = count.ToString();
        }
    }

    /// <summary>
    /// What differs, by name. A run that was interrupted in its last epoch has kept a checkpoint inside that epoch where another has that
    /// of the epoch before, so an older checkpoint counts where both runs have it; the last one is always there.
    /// </summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> found)
    {
        expected["last"].Should().Be(found["last"]);
        found.Keys.Should().Contain($"checkpoint {expected["last"]}, {CheckpointParts.GeneratorName}");
        return
        [
            .. expected
                .Keys.Union(found.Keys)
                .Order(StringComparer.Ordinal)
                .Where(k => !(k.StartsWith("checkpoint", StringComparison.Ordinal) && !(expected.ContainsKey(k) && found.ContainsKey(k))))
                .Where(k => expected.GetValueOrDefault(k) != found.GetValueOrDefault(k))
                .Select(k => $"{k}: expected {expected.GetValueOrDefault(k, "nothing")}, found {found.GetValueOrDefault(k, "nothing")}"),
        ];
    }

    private static string WithoutPositions(ReadOnlyMemory<byte> bytes) =>
        JsonSerializer.Serialize(
            JsonSerializer.Deserialize<RunState>(bytes.Span, RunJson.Document)! with
            {
                Positions = RunPositions.Start,
            },
            RunJson.Document
        );
}
