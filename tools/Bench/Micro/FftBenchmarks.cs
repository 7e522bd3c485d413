using BenchmarkDotNet.Attributes;
using SpeechGan.Dsp;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>A real transform of each size that PESQ takes, forward and back.</summary>
public class FftBenchmarks
{
    private RealFft _fft = RealFft.For(512);
    private double[] _real = [],
        _imaginary = [],
        _work = [];

    [Params(256, 512, 1024, 4096, 16384, 65536, 131072)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _fft = RealFft.For(Samples);
        (_real, _imaginary, _work) = (new double[_fft.Bins], new double[_fft.Bins], new double[_fft.WorkspaceLength]);
    }

    [Benchmark]
    public void Forward() => _fft.ForwardPacked(_real, _imaginary, _work);

    [Benchmark]
    public void Inverse() => _fft.InversePackedUnscaled(_real, _imaginary, _work);
}
