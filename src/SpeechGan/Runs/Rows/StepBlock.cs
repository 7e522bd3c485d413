using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace SpeechGan.Runs.Rows;

/// <summary>Some hundred steps in a row, with their samples.</summary>
internal sealed class StepBlock(StepCells[] steps, SampleCells[] samples, InputCells[] inputs, MaskedCells[] masked) : IBlock<StepBlock>
{
    public StepCells[] Steps => steps;

    public SampleCells[] Samples => samples;

    public InputCells[] Inputs => inputs;

    public MaskedCells[] Masked => masked;

    /// <inheritdoc/>
    public int Bytes =>
        (steps.Length * Unsafe.SizeOf<StepCells>())
        + (samples.Length * Unsafe.SizeOf<SampleCells>())
        + (inputs.Length * Unsafe.SizeOf<InputCells>())
        + (masked.Length * Unsafe.SizeOf<MaskedCells>());

    /// <inheritdoc/>
    public int Write(SafeFileHandle file, long offset)
    {
        var at = CellFile.Write(file, offset, [steps.Length, samples.Length, inputs.Length, masked.Length]);
        at = CellFile.Write(file, at, steps);
        at = CellFile.Write(file, at, samples);
        at = CellFile.Write(file, at, inputs);
        return (int)(CellFile.Write(file, at, masked) - offset);
    }

    /// <inheritdoc/>
    public static StepBlock Read(SafeFileHandle file, long offset)
    {
        var at = CellFile.Read<int>(file, offset, 4, out var counts);
        at = CellFile.Read<StepCells>(file, at, counts[0], out var steps);
        at = CellFile.Read<SampleCells>(file, at, counts[1], out var samples);
        at = CellFile.Read<InputCells>(file, at, counts[2], out var inputs);
        CellFile.Read<MaskedCells>(file, at, counts[3], out var masked);
        return new StepBlock(steps, samples, inputs, masked);
    }
}
