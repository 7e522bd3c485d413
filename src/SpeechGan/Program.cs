using SpeechGan;
using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Training;
var config = RunConfig.FromPreset("tiny");
config = config with { Seed = long.Parse(args[1]), Train = config.Train with { Epochs = int.Parse(args[2]) } };
if (Directory.Exists(args[0])) Directory.Delete(args[0], true);
using var folder = RunFolder.Create(args[0], config, new RunStart { Host = HostFingerprint.Of() });
var corpus = PairedCorpus.Open(args.Length > 3 ? args[3] : "golden/corpus", new CorpusOptions { Seed = config.Seed, CacheBytes = 1 << 28 });
using var trainer = new Trainer(folder, corpus, new P());
trainer.Run();
foreach (var g in RunRecord.Load(args[0]).Evaluations.GroupBy(e => (e.Epoch, e.Split)))
    Console.WriteLine($"{g.Key}: {string.Join(" ", g.SelectMany(e => e.Metrics).GroupBy(m => m.Key).Select(m => $"{m.Key} {m.Average(v => v.Value):F3}"))}");
foreach (var e in RunRecord.Load(args[0]).Evaluations.Where(e => e.Split == "test")) Console.WriteLine($"{e.Epoch} {e.Name} {string.Join(" ", e.Metrics.Select(m => $"{m.Key} {m.Value:F3}"))}");
return 0;
internal sealed class P : ITrainingProgress
{
    public void Note(string s) => Console.WriteLine(s);
    public void EpochStarted(int e, int n, int s, int f) { }
    public void StepTaken(StepTelemetry s) => Console.WriteLine($"{s.Step} {s.Loss.Total:F4} d {s.DiscriminatorLoss:F4} q {string.Join(",", s.Samples!.Select(x => x.Pesq?.ToString("F2") ?? x.Masked))} t {s.Seconds!.Total:F2} = f {s.Seconds.Forward:F2} b {s.Seconds.Backward:F2} p {s.Seconds.Pesq:F3} d {s.Seconds.Discriminator:F2} n {s.GradientNorm!.Ri:G2} {s.GradientNorm.Magnitude:G2} {s.GradientNorm.Time:G2} {s.GradientNorm.Gan:G2}");
    public void UtteranceEvaluated(UtteranceEvaluation e, int c) { }
    public void EpochCompleted(EpochTelemetry e, string? v, bool b) => Console.WriteLine($"epoch {e.Epoch} loss {e.Loss.Total:F4} valid {string.Join(" ", e.Validation!.Mean.Select(m => $"{m.Key} {m.Value:F3}"))} {v} best {b} corr {e.DiscriminatorCorrelation} {e.Seconds!.Training:F1}s + {e.Seconds.Evaluation:F1}s");
}
