using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>
/// PESQ, FFT, metrics and kernels under BenchmarkDotNet: warm-up, outliers, spread, managed memory. Usage: <c>micro [--filter *Pesq*]
/// [--job dry|short] ...</c> and whatever else BenchmarkDotNet takes. In this process: a project generated for each job would copy
/// libtorch's 460 MB, and the settings of the process hold here.
/// </summary>
internal static class MicroBenchmarks
{
    public static int Run(string[] args)
    {
        var config = ManualConfig
            .CreateEmpty()
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
            .AddLogger(ConsoleLogger.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .WithArtifactsPath(Path.Combine("TestResults", "benchmarks"));
        var summaries = BenchmarkSwitcher
            .FromTypes([typeof(PesqBenchmarks), typeof(FftBenchmarks), typeof(MetricBenchmarks), typeof(KernelBenchmarks)])
            .Run([.. args.Contains("--filter") ? args : [.. args, "--filter", "*"], "--inProcess"], config)
            .ToList();
        // What was asked for ran: a benchmark that failed has no statistics.
        if (summaries.Count > 0 && summaries.All(s => s.Reports.All(r => r.ResultStatistics is not null)))
            return 0;
        if (args.Contains("--list"))
            return 0;
        return 1;
    }
}
