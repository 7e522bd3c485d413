using System.Globalization;
using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Import;

namespace SpeechGan.Tests.Unit.Import;

/// <summary>A hundred logs of the CMGAN trainer's form, each with one known fault or none, in every way in which users paste
/// them.</summary>
public sealed class GeneratedLogTests
{
    private const int Epochs = 8,
        LoggedPerEpoch = 20,
        Interval = 500;

    /// <summary>Fault, the theory that it confirms, and whether it confirms anything.</summary>
    private static readonly (string Fault, string? Theory)[] Faults =
    [
        ("none", null),
        ("starved", "discriminator-starved"),
        ("divergence", "loss-pesq-divergence"),
        ("nan", "non-finite-values"),
        ("jump", "loss-jump"),
        ("worse", null),
    ];

    [Test]
    public void Each_log_s_fault_is_confirmed_and_nothing_else([Range(0, 99)] int seed)
    {
        var (fault, theory) = Faults[seed % Faults.Length];
        var log = Log(seed, fault);
        var run = Importer.Read(Sources.Of($"log-{seed}.txt", log), null, [], null);
        var confirmed = Verdict.Of(run).Findings.Where(f => f.Outcome == FindingOutcome.Confirmed).ToList();
        confirmed
            .Select(f => f.Id)
            .Should()
            .BeEquivalentTo(
                theory is null ? [] : new[] { theory },
                $"seed {seed} has the fault '{fault}': {string.Join(" ", confirmed.Select(f => f.Sentence))}"
            );
        if (theory is not null)
            confirmed[0].SinceEpoch.Should().Be(fault == "starved" ? 1 : 5, confirmed[0].Sentence);
        run.Epochs.Should().HaveCount(Epochs);
        run.Steps.Should().OnlyContain(s => s.Sources!.Count > 0 && s.Sources!.Values.All(p => p.StartsWith($"log-{seed}.txt:")));
    }

    private static string Log(int seed, string fault)
    {
        var random = new Random(seed);
        var prefix = seed % 2 == 0 ? "INFO:root:" : "";
        int gpus = 1 + (seed / 2 % 3),
            first = seed / 3 % 2;
        var named = gpus > 1 || seed % 5 == 0;
        var text = new StringBuilder();
        if (seed % 7 == 0)
            text.Append("Namespace(epochs=120, batch_size=4, log_interval=500)\n['NVIDIA A100']\n");
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            for (var i = 1; i <= LoggedPerEpoch; i++)
            {
                // The fault begins in the fifth epoch.
                var broken = epoch > 4 || (epoch == 4 && i > 3);
                var gone = fault == "nan" && broken;
                var stepped = fault != "starved" || random.NextDouble() < 0.4;
                foreach (var gpu in Enumerable.Range(0, gpus).OrderBy(_ => random.Next()))
                {
                    var loss =
                        Near(0.1 / (1 + (0.05 * epoch)))
                        * (fault == "jump" && epoch == 4 && i == 4 ? 30 : 1)
                        * (fault == "worse" && epoch > 3 ? 1 + (0.3 * (epoch - 3)) : 1);
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{prefix}{(named ? $"GPU: {gpu}, " : "")}Epoch {epoch + first}, Step "
                            + $"{i * Interval}, loss: {(gone ? "nan" : loss.ToString("R", CultureInfo.InvariantCulture))}, disc_loss: "
                            + $"{(stepped ? Near(0.01).ToString("R", CultureInfo.InvariantCulture) : "0.0")}\n"
                    );
                }
            }

            for (var gpu = 0; gpu < gpus; gpu++)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{prefix}{(named ? $"GPU: {gpu}, " : "")}Generator loss: {Near(0.1)}, " + $"Discriminator loss: {Near(0.01)}\n"
                );
            text.Append(CultureInfo.InvariantCulture, $"{prefix}Epoch time: {Near(5000)}\n");
            var falls = fault is "divergence" or "worse" && epoch >= 4 ? 0.25 * (epoch - 3) : 0;
            text.Append(
                CultureInfo.InvariantCulture,
                $"pesq:  {2.5 + (0.02 * epoch) - falls} csig:  {Near(4)} cbak:  {Near(3.5)} covl: "
                    + $" {Near(3.3)} ssnr:  {Near(9)} stoi:  0.95\n"
            );
        }

        return seed % 11 == 0 ? text.ToString().Replace("\n", "\r\n", StringComparison.Ordinal) : text.ToString();

        double Near(double value) => value * (0.95 + (0.1 * random.NextDouble()));
    }
}
