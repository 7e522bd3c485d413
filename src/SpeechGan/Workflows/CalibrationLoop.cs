using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechGan.Workflows;

/// <summary>
/// A loop of fixed arithmetic, whose processor time stands for the speed of this host at this moment: products and sums of float32 vectors
/// over 64 KB, as the kernels of a training do them. It draws no random number and touches no tensor, so that a training beside it keeps
/// its bits.
/// </summary>
internal sealed class CalibrationLoop
{
    private const int Length = 8192;
    private const int Rounds = 24000;

    private readonly float[] factors = new float[Length];
    private readonly float[] sums = new float[Length];

    /// <summary>Makes its numbers, and runs it once: the first run also pays for its pages.</summary>
    public CalibrationLoop()
    {
        for (var i = 0; i < Length; i++)
            factors[i] = 1f / (i + 2);
        Seconds();
    }

    /// <summary>Runs it.</summary>
    /// <returns>Processor time that it took, seconds.</returns>
    public double Seconds()
    {
        var before = Environment.CpuUsage.TotalTime;
        Turn(factors, sums);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    // Compiled once and for good: code that is compiled anew while it runs would measure the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Turn(float[] factors, float[] sums)
    {
        var half = new Vector<float>(0.5f);
        for (var round = 0; round < Rounds; round++)
        for (var i = 0; i <= Length - Vector<float>.Count; i += Vector<float>.Count)
            ((new Vector<float>(sums, i) * half) + new Vector<float>(factors, i)).CopyTo(sums, i);
    }
}
