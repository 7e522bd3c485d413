using System.Text;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>Every module's tensors of one training step, in the order in which they came about.</summary>
public sealed record StepTrace
{
    private const string Title = "SpeechGan step trace, format 1";

    /// <summary>What was traced, in words.</summary>
    public required string Label { get; init; }

    /// <summary>Step of the run, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Whether it was computed in float64.</summary>
    public required bool IsFloat64 { get; init; }

    /// <summary>The tensors.</summary>
    public required IReadOnlyList<TraceNode> Nodes { get; init; }

    /// <summary>The text: a line that says what it is, then a line a tensor.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        text.Append(JsonSerializer.Serialize(new Head(Title, Label, Step, IsFloat64, Nodes.Count), RunJson.Line)).Append('\n');
        foreach (var node in Nodes)
            text.Append(JsonSerializer.Serialize(node, RunJson.Line)).Append('\n');
        return text.ToString();
    }

    /// <summary>Reads the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">File, for the sentences.</param>
    /// <exception cref="ComparisonException">It is no whole trace.</exception>
    public static StepTrace Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        try
        {
            if (JsonSerializer.Deserialize<Head>(lines[0], RunJson.Line) is not { Format: Title } head)
                throw new ComparisonException(
                    $"'{source}' is no trace of a step: its first line does not say '{Title}'. Give a file that `speechgan trace` wrote."
                );
            if (lines.Length - 2 != head.Tensors || lines[^1].Length > 0)
                throw new ComparisonException(
                    $"'{source}' is cut off: it has {Math.Max(0, lines.Length - 2)} of {head.Tensors} tensors. Trace the step again."
                );
            TraceNode[] nodes =
            [
                .. lines[1..^1]
                    .Select(l => JsonSerializer.Deserialize<TraceNode>(l, RunJson.Line) ?? throw new JsonException("a line is null")),
            ];
            foreach (var node in nodes)
                node.Read();
            return new StepTrace
            {
                Label = head.Label,
                Step = head.Step,
                IsFloat64 = head.IsFloat64,
                Nodes = nodes,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            throw new ComparisonException(
                $"'{source}' is no sound trace of a step: {e.Message.Split('\n')[0].TrimEnd('.')}. Trace the step again."
            );
        }
    }

    private sealed record Head(string Format, string Label, long Step, bool IsFloat64, int Tensors);
}
