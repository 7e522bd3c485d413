using SpeechGan.Tools.Bench;
using SpeechGan.Tools.Bench.Micro;

// One line a benchmark: its name on the command line and what runs it.
var benchmarks = new Dictionary<string, Func<string[], int>>
{
    ["micro"] = MicroBenchmarks.Run,
    ["step"] = StepBenchmark.Run,
    ["enhance"] = EnhanceBenchmark.Run,
    ["profile"] = StepProfile.Run,
    ["estimate"] = ParallelEstimate.Run,
    ["ranks"] = RankBenchmark.Run,
    ["golden-power"] = GoldenPower.Run,
    ["case-study"] = CaseStudy.Run,
    ["kernel-statistics"] = KernelStatistics.Run,
    ["self-test"] = SelfTestTime.Run,
    ["long-record"] = LongRecord.Run,
    ["record-time"] = RecordTime.Run,
    ["corpus-time"] = CorpusTime.Run,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out Func<string[], int>? benchmark))
{
    Console.Error.WriteLine($"Usage: Bench {string.Join('|', benchmarks.Keys)} [options]");
    return 2;
}

return benchmark(args[1..]);
