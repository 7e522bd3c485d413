using BenchmarkDotNet.Attributes;
using SpeechGan.Dsp;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>A real transform of each size that PESQ takes, forward and back.</summary>
public class FftBenchmarks
{
    private RealFft fft = RealFft.For(512);
    private double[] real = [],
        imaginary = [],
        work = [];

    [Params(256, 512, 1024, 4096, 16384, 65536, 131072)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Make()
    {
        fft = RealFft.For(Samples);
        (real, imaginary, work) = (new double[fft.Bins], new double[fft.Bins], new double[fft.WorkspaceLength]);
    }

    [Benchmark]
    public void Forward() => fft.ForwardPacked(real, imaginary, work);

    [Benchmark]
    public void Inverse() => fft.InversePackedUnscaled(real, imaginary, work);
}
