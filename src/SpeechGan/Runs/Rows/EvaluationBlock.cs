using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace SpeechGan.Runs.Rows;

/// <summary>An utterance's evaluation; names and reasons are places in the <see cref="NameTable"/>, sets of names in the
/// <see cref="NameSets"/>.</summary>
internal struct EvaluationCells
{
    public int Epoch;
    public int Split;
    public int Name;
    public int Metrics; // set of names
    public int FirstMetric; // in the block's numbers
    public int Unavailable;
    public int FirstUnavailable; // in the block's texts
    public int Sources; // -1: none
    public int FirstSource;
    public int? CutStart;
    public int? CutLength;
}

/// <summary>Some hundred evaluations in a row.</summary>
internal sealed class EvaluationBlock(EvaluationCells[] lines, double[] numbers, int[] texts) : IBlock<EvaluationBlock>
{
    public EvaluationCells[] Lines => lines;

    public double[] Numbers => numbers;

    public int[] Texts => texts;

    /// <inheritdoc/>
    public int Bytes =>
        (lines.Length * Unsafe.SizeOf<EvaluationCells>()) + (numbers.Length * sizeof(double)) + (texts.Length * sizeof(int));

    /// <inheritdoc/>
    public int Write(SafeFileHandle file, long offset)
    {
        var at = CellFile.Write(file, offset, [lines.Length, numbers.Length, texts.Length]);
        at = CellFile.Write(file, at, lines);
        at = CellFile.Write(file, at, numbers);
        return (int)(CellFile.Write(file, at, texts) - offset);
    }

    /// <inheritdoc/>
    public static EvaluationBlock Read(SafeFileHandle file, long offset)
    {
        var at = CellFile.Read<int>(file, offset, 3, out var counts);
        at = CellFile.Read<EvaluationCells>(file, at, counts[0], out var lines);
        at = CellFile.Read<double>(file, at, counts[1], out var numbers);
        CellFile.Read<int>(file, at, counts[2], out var texts);
        return new EvaluationBlock(lines, numbers, texts);
    }
}
