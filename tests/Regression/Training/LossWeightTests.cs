using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>The weights of the loss terms reach the generator's gradient: it is the weighted sum of what each term gives alone.</summary>
public sealed class LossWeightTests
{
    private static readonly string[] Terms = ["ri", "magnitude", "time", "gan"];
    private static readonly Dictionary<string, double> Published = new()
    {
        ["ri"] = 0.1,
        ["magnitude"] = 0.9,
        ["time"] = 0.2,
        ["gan"] = 0.05,
    };
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 4);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [Test]
    public void The_gradient_is_the_weighted_sum_of_the_terms_gradients()
    {
        var alone = Terms.ToDictionary(t => t, t => Gradient(new Dictionary<string, double> { [t] = 1 }));
        foreach (
            var weights in new[]
            {
                Published,
                new()
                {
                    ["ri"] = 1,
                    ["magnitude"] = 0.5,
                    ["time"] = 3,
                    ["gan"] = 0.2,
                },
            }
        )
        {
            var expected = Enumerable.Range(0, alone["ri"].Length).Select(i => Terms.Sum(t => weights[t] * alone[t][i])).ToArray();
            Distance(Gradient(weights), expected).Should().BeLessThan(1e-12 * Norm(expected));
        }
    }

    [TestCase("ri")]
    [TestCase("magnitude")]
    [TestCase("time")]
    [TestCase("gan")]
    public void Doubling_a_weight_adds_that_terms_gradient_and_no_other(string term)
    {
        var before = Gradient(Published);
        var after = Gradient(new Dictionary<string, double>(Published) { [term] = 2 * Published[term] });
        var added = after.Zip(before, (a, b) => a - b).ToArray();
        var expected = Gradient(new Dictionary<string, double> { [term] = Published[term] });
        Norm(expected).Should().BePositive();
        Distance(added, expected).Should().BeLessThan(1e-12 * Norm(before));
    }

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    private static double Distance(double[] a, double[] b) => Norm([.. a.Zip(b, (x, y) => x - y)]);

    /// <summary>Gradient of all of the generator's parameters after its pass, in float64, without dropout; a term that is not named has no
    /// weight.</summary>
    private double[] Gradient(Dictionary<string, double> weights)
    {
        // A discriminator is made only where it has a weight; the generator's initial values come first from the seed and are the same.
        var config = SmallRun.Config([
            "train.precision=float64",
            "model.dropout=0",
            "discriminator.dropout=0",
            .. Terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"loss.weights.{t}={weights.GetValueOrDefault(t)}")),
        ]);
        using var networks = new Networks(config);
        networks.Train(true);
        using var scope = NewDisposeScope();
        var corpus = SmallRun.Open(place.Corpus, config);
        var batch = new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = 2,
                CutSamples = config.TrainCutSamples,
                Seed = 1,
                Workers = 0,
            }
        ).Load(1, 0);
        long[] shape = [batch.BatchSize, batch.Samples];
        new GeneratorPass(networks, config.Loss).Run(
            tensor(batch.Clean, shape, dtype: float64),
            tensor(batch.Noisy, shape, dtype: float64)
        );
        return
        [
            .. networks
                .Generator.named_parameters()
                .OrderBy(p => p.name, StringComparer.Ordinal)
                .SelectMany(p =>
                    p.parameter.grad is { } g ? g.contiguous().data<double>().ToArray() : new double[p.parameter.NumberOfElements]
                ),
        ];
    }
}
