using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Training.Checks;

/// <summary>
/// Known signals sent through the paths that train and score: what the loader makes of the files, what the step's scoring makes of a
/// perfect and of an untouched estimate, what the evaluator makes of both, and what it scores for the network. Every expectation is
/// computed here, from the files.
/// </summary>
/// <param name="networks">The run's networks; the generator in evaluation mode for <see cref="Evaluation"/>.</param>
/// <param name="config">The run's knobs.</param>
internal sealed class PathChecks(Networks networks, RunConfig config)
{
    /// <summary>Names of the checks.</summary>
    internal static class Names
    {
        public const string LoadedClean = "loaded/clean",
            LoadedNoisy = "loaded/noisy";
        public const string ScoringClean = "scoring/clean",
            ScoringNoisy = "scoring/noisy";
        public const string EvaluatedClean = "evaluated/clean",
            EvaluatedNoisy = "evaluated/noisy",
            EvaluatedEstimate = "evaluated/estimate",
            EvaluatedCut = "evaluated/cut";
    }

    private const int MostUtterances = 3;
    private const double SamePesq = 1e-6; // 0: the same samples, the same arithmetic

    // Of the estimate's level, both as root mean squares. PathChecksTests prints it: 5.2e-4 at most with untrained networks, on the bundled
    // corpus and on real speech: the compression (power 0.3) blows up quiet bins with
    // their rounding; single samples differ ten times as much. Another estimate (other weights, the noisy signal, another level) is 1e-1
    // and more away.
    private const double SameEstimate = 1e-2;

    /// <summary>What the loader made of the files: the cut that its start names, sample for sample.</summary>
    /// <param name="batches">As loaded.</param>
    /// <param name="train">The utterances of the training part.</param>
    /// <param name="mixIn">Those that are mixed in.</param>
    public static IReadOnlyList<ReconstructionCheck> Loading(
        IEnumerable<Batch> batches,
        IReadOnlyList<Utterance> train,
        IReadOnlyList<Utterance> mixIn
    )
    {
        double clean = 0,
            noisy = 0;
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.BatchSize; i++)
            {
                var (wholeClean, wholeNoisy) = (batch.MixedIn[i] ? mixIn : train).First(u => u.Name == batch.Names[i]).LoadPair();
                clean = Math.Max(clean, Apart(batch.Clean.AsSpan(i * batch.Samples, batch.Samples), wholeClean, batch.Starts[i]));
                noisy = Math.Max(noisy, Apart(batch.Noisy.AsSpan(i * batch.Samples, batch.Samples), wholeNoisy, batch.Starts[i]));
            }
        }
        return [Check(Names.LoadedClean, clean, 0, 0), Check(Names.LoadedNoisy, noisy, 0, 0)];
    }

    /// <summary>What the step's own scoring gives a perfect estimate and an untouched one.</summary>
    /// <param name="batch">Cuts as loaded.</param>
    /// <param name="score">The step's scoring: clean signal and estimate, `[batch, samples]`.</param>
    public IReadOnlyList<ReconstructionCheck> Scoring(Batch batch, Func<Tensor, Tensor, BatchScore> score)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long[] shape = [batch.BatchSize, batch.Samples];
        var whole = batch.Samples / 100 * 100; // whole hops, as an estimate has
        Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device).narrow(1, 0, whole);
        Tensor noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device).narrow(1, 0, whole);
        return
        [
            Worst(Names.ScoringClean, score(clean, clean), _ => Pesq.HighestWideBand),
            Worst(Names.ScoringNoisy, score(clean, noisy), i => Of(Cut(batch.Clean, i), Cut(batch.Noisy, i))),
        ];

        ReadOnlySpan<float> Cut(float[] side, int i) => side.AsSpan(i * batch.Samples, whole);
    }

    /// <summary>What the evaluator makes of a perfect estimate, of an untouched one, and of the network's own.</summary>
    /// <param name="utterances">Of the validation part; the first few are taken.</param>
    /// <param name="evaluate">The run's evaluation of utterances: how a noisy cut is enhanced (null: as the run does), and who is given
    /// what was scored.</param>
    public IReadOnlyList<ReconstructionCheck> Evaluation(
        IReadOnlyList<Utterance> utterances,
        Func<IReadOnlyList<Utterance>, Func<float[], float[]>?, Action<Utterance, float[]>?, IReadOnlyList<UtteranceEvaluation>> evaluate
    )
    {
        Utterance[] some = [.. utterances.Take(MostUtterances)];
        if (some.Length == 0)
            return [];
        var made = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var own = evaluate(some, null, (utterance, enhanced) =>
        {
            lock (made)
                made[utterance.Name] = enhanced;
        });
        double ofClean = 0,
            ofNoisy = 0,
            ofEstimate = 0;
        int cuts = 0,
            scored = 0,
            estimates = 0;
        foreach (var evaluation in own)
        {
            var (clean, noisy) = some.First(u => u.Name == evaluation.Name).LoadPair();
            cuts += evaluation.CutStart == Start(clean.Length, evaluation) ? 0 : 1;
            float[] cleanCut = Cut(clean, evaluation),
                noisyCut = Cut(noisy, evaluation);
            // Longer ones are enhanced in windows that are cross-faded: another estimate than that of one piece.
            if (noisyCut.Length <= Enhancer.LongestPiece && made.TryGetValue(evaluation.Name, out var enhanced))
            {
                ofEstimate = Math.Max(ofEstimate, Apart(enhanced, Enhance(noisyCut)));
                estimates++;
            }
            Utterance[] one = [.. some.Where(u => u.Name == evaluation.Name)];
            if (evaluate(one, _ => cleanCut, null)[0].Metrics.TryGetValue(UtteranceScores.Pesq, out var perfect))
            {
                ofClean = Math.Max(ofClean, Math.Abs(perfect - Pesq.HighestWideBand));
                scored++;
            }
            if (
                evaluate(one, cut => cut, null)[0].Metrics.TryGetValue(UtteranceScores.Pesq, out var untouched)
                && Of(cleanCut, noisyCut) is { } expected
            )
                ofNoisy = Math.Max(ofNoisy, Math.Abs(untouched - expected));
        }
        return
        [
            .. scored == 0
                ? (ReconstructionCheck[])[]
                : [Check(Names.EvaluatedClean, ofClean, 0, SamePesq), Check(Names.EvaluatedNoisy, ofNoisy, 0, SamePesq)],
            .. estimates == 0 ? (ReconstructionCheck[])[] : [Check(Names.EvaluatedEstimate, ofEstimate, 0, SameEstimate)],
            Check(Names.EvaluatedCut, cuts, 0, 0),
        ];
    }

    // The centre cut is a function of the file; a random one is not to be foreseen here.
    private int Start(int length, UtteranceEvaluation evaluation) =>
        config.Evaluation.Cut switch
        {
            EvaluationCut.Random => evaluation.CutStart!.Value,
            EvaluationCut.Full => 0,
            _ => Math.Max(0, (length - evaluation.CutLength!.Value) / 2),
        };

    private static float[] Cut(float[] whole, UtteranceEvaluation evaluation) =>
        [.. Enumerable.Range(0, evaluation.CutLength!.Value).Select(i => whole[(evaluation.CutStart!.Value + i) % whole.Length])];

    // The published inference on one piece, written a second time: unit power, spectrum, network, inverse, the old level.
    private float[] Enhance(float[] noisy)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var padded = Enumerable.Range(0, (noisy.Length + 99) / 100 * 100).Select(i => noisy[i % noisy.Length]).ToArray();
        var power = noisy.Average(s => (double)s * s);
        if (power == 0)
            return new float[noisy.Length];
        var front = new ReferenceFrontEnd(networks.Type, networks.Device);
        var (real, imaginary) = front.Analyse(
            tensor(padded, [1, padded.Length], dtype: networks.Type, device: networks.Device) / Math.Sqrt(power)
        );
        var (estimateReal, estimateImaginary) = networks.Generator.call(stack([real, imaginary], 1).transpose(2, 3));
        var signal =
            front.Synthesise(estimateReal.squeeze(1).transpose(1, 2), estimateImaginary.squeeze(1).transpose(1, 2)) * Math.Sqrt(power);
        return signal.to(float32).cpu().contiguous().data<float>().ToArray()[..noisy.Length];
    }

    private static double Apart(float[] found, float[] expected)
    {
        double apart = 0,
            power = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var distance = (double)found[i] - expected[i];
            apart += distance * distance;
            power += (double)expected[i] * expected[i];
        }
        return Math.Sqrt(power > 0 ? apart / power : apart);
    }

    private static double Apart(ReadOnlySpan<float> cut, float[] whole, int start)
    {
        double apart = 0;
        for (var i = 0; i < cut.Length; i++)
            apart = Math.Max(apart, Math.Abs((double)cut[i] - whole[(start + i) % whole.Length]));
        return apart;
    }

    private static double? Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> estimate) =>
        Pesq.Score(clean, estimate, RunConfig.SampleRate, PesqMode.WideBand).TryGet(out var pesq) ? pesq : null;

    private static ReconstructionCheck Worst(string name, BatchScore scores, Func<int, double?> expected)
    {
        (double Observed, double Expected)? worst = null;
        for (var i = 0; i < scores.Results.Length; i++)
            if (
                scores.Results[i].TryGet(out var found)
                && expected(i) is { } wanted
                && (worst is not { } w || Math.Abs(found - wanted) > Math.Abs(w.Observed - w.Expected))
            )
                worst = (found, wanted);
        return worst is { } one
            ? Check(name, one.Observed, one.Expected, SamePesq)
            : new ReconstructionCheck
            {
                Epoch = 1,
                Name = name,
                Expected = Pesq.HighestWideBand,
                Allowed = SamePesq,
                Unavailable = Absence.Of("observed", "no sample of the batch could be scored"),
            };
    }

    private static ReconstructionCheck Check(string name, double observed, double expected, double allowed) =>
        double.IsFinite(observed)
            ? new()
            {
                Epoch = 1,
                Name = name,
                Observed = observed,
                Expected = expected,
                Allowed = allowed,
            }
            : new()
            {
                Epoch = 1,
                Name = name,
                Expected = expected,
                Allowed = allowed,
                Unavailable = Absence.Of("observed", "it is not finite"),
            };
}
