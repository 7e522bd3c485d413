namespace SpeechGan.Data;

/// <summary>
/// A corpus of clean and noisy recordings: <c>DIR/{train,valid,test}/{clean,noisy}/*</c>, paired by file name without ending, in natural
/// order. Opening reads headers only; samples are read when asked for.
/// </summary>
public sealed class PairedCorpus
{
    private static readonly string[] parts = ["train", "valid", "test"];

    private PairedCorpus(string root, CorpusOptions options) => (Root, Options) = (root, options);

    /// <summary>The corpus' folder.</summary>
    public string Root { get; }

    /// <summary>How it is read.</summary>
    public CorpusOptions Options { get; }

    /// <summary>Utterances to train on, in natural order.</summary>
    public IReadOnlyList<Utterance> Train { get; private init; } = [];

    /// <summary>Utterances on which the best epoch is chosen: <c>valid/</c>, or held out of <c>train/</c>.</summary>
    public IReadOnlyList<Utterance> Valid { get; private init; } = [];

    /// <summary>Utterances that choose nothing; empty where there is no <c>test/</c> folder.</summary>
    public IReadOnlyList<Utterance> Test { get; private init; } = [];

    /// <summary>Utterances that are mixed into training; empty where <see cref="CorpusOptions.MixIn"/> is.</summary>
    public IReadOnlyList<Utterance> MixIn { get; private init; } = [];

    /// <summary>What the user should know, a sentence each: what was held out, what was cut.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Opens a corpus for training. <c>train/</c> must be there, <c>valid/</c> and <c>test/</c> may be.</summary>
    /// <param name="root">The corpus' folder.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="CorpusException">The folders are not as they must be.</exception>
    /// <exception cref="AudioFileException">A file's header shows that it cannot be used.</exception>
    public static PairedCorpus Open(string root, CorpusOptions? options = null)
    {
        options ??= new CorpusOptions();
        Validate(root, options);
        RequireRoot(root);
        var loader = new PairLoader(options);
        List<string> notes = [];
        string train = Path.Combine(root, "train"),
            valid = Path.Combine(root, "valid"),
            test = Path.Combine(root, "test");
        if (!Directory.Exists(train))
            throw new CorpusException(
                root,
                HoldsPairs(root)
                    ? "holds clean/ and noisy/ themselves, and training looks for them in train/. Move both into a folder train/ inside it."
                    : $"has no folder train/. A corpus is laid out as {root}/train/clean/*.wav and {root}/train/noisy/*.wav, and the "
                        + $"same for valid and test."
            );
        IReadOnlyList<Utterance> training = CorpusFolder.Open(train, options, loader, notes),
            validation;
        if (Directory.Exists(valid))
        {
            validation = CorpusFolder.Open(valid, options, loader, notes);
        }
        else
        {
            int all = training.Count;
            (training, validation) = HoldOut.Split(train, training, options);
            notes.Add(
                $"{root} has no folder valid/: {validation.Count} of {all} utterances of train/ are held out for validation "
                    + $"(seed {options.Seed}: {CorpusFolder.List([.. validation.Select(u => u.Name)])})."
            );
        }
        return new PairedCorpus(root, options)
        {
            Train = training,
            Valid = validation,
            Test = Directory.Exists(test) ? CorpusFolder.Open(test, options, loader, notes) : [],
            MixIn = OpenMixIn(root, options, loader, notes),
            Notes = notes,
        };
    }

    /// <summary>
    /// Opens what an evaluation needs and nothing else: <c>DIR/test</c>, or <c>DIR</c> itself where it holds <c>clean/</c> and
    /// <c>noisy/</c>.
    /// The utterances are in <see cref="Test"/>.
    /// </summary>
    /// <param name="root">The corpus' folder, or one of its parts.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="CorpusException">The folders are not as they must be.</exception>
    /// <exception cref="AudioFileException">A file's header shows that it cannot be used.</exception>
    public static PairedCorpus OpenForEvaluation(string root, CorpusOptions? options = null)
    {
        options ??= new CorpusOptions();
        Validate(root, options);
        RequireRoot(root);
        string test = Path.Combine(root, "test");
        if (!Directory.Exists(test) && !HoldsPairs(root))
            throw new CorpusException(
                root,
                $"has neither a folder test/ nor clean/ and noisy/. Put the pairs into {root}/test/clean and {root}/test/noisy."
            );
        List<string> notes = [];
        return new PairedCorpus(root, options)
        {
            Test = CorpusFolder.Open(Directory.Exists(test) ? test : root, options, new PairLoader(options), notes),
            Notes = notes,
        };
    }

    /// <summary>The same corpus without its test part: for training that is not to be tested.</summary>
    public PairedCorpus WithoutTest() =>
        new(Root, Options)
        {
            Train = Train,
            Valid = Valid,
            MixIn = MixIn,
            Notes = Notes,
        };

    private static IReadOnlyList<Utterance> OpenMixIn(string root, CorpusOptions options, PairLoader loader, List<string> notes)
    {
        if (options.MixIn.Length == 0)
            return [];
        string folder = Path.Combine(root, options.MixIn);
        if (Directory.Exists(folder))
            return CorpusFolder.Open(folder, options, loader, notes);
        string[] others =
        [
            .. Directory.GetDirectories(root).Where(HoldsPairs).Select(d => Path.GetFileName(d)).Except(parts).Order(NaturalOrder.Instance),
        ];
        throw new CorpusException(
            root,
            $"has no folder {options.MixIn}/, which data.mixIn names. "
                + (
                    others.Length > 0
                        ? $"It could name {string.Join(" or ", others)}."
                        : "No further folder with clean/ and noisy/ is there: set data.mixIn to nothing."
                )
        );
    }

    private static void Validate(string root, CorpusOptions options)
    {
        if (!(options.MixInShare >= 0 && options.MixInShare < 1))
            throw new CorpusException(
                root,
                $"is not opened: data.mixInShare is {options.MixInShare}, and it must be at least 0 and below 1."
            );
        if (options.MixInShare > 0 && options.MixIn.Length == 0)
            throw new CorpusException(
                root,
                $"is not opened: data.mixInShare is {options.MixInShare}, and data.mixIn names no folder to take these items from."
            );
        if (parts.Contains(options.MixIn, StringComparer.OrdinalIgnoreCase))
            throw new CorpusException(
                root,
                $"is not opened: data.mixIn is {options.MixIn}, a part of the corpus of its own. Name a further folder."
            );
        if (options.MixIn.AsSpan().IndexOfAny('/', '\\') >= 0 || options.MixIn is "." or "..")
            throw new CorpusException(
                root,
                $"is not opened: data.mixIn is {options.MixIn}, and it must be the name of a folder inside the corpus, not a path."
            );
        if (!(options.HoldOutShare > 0 && options.HoldOutShare < 1))
            throw new CorpusException(
                root,
                $"is not opened: the share to hold out is {options.HoldOutShare}, and it must lie between 0 and 1."
            );
        if (options.SampleRate is < Resampler.LowestRate or > Resampler.HighestRate)
            throw new CorpusException(
                root,
                $"is not opened: a sample rate of {options.SampleRate} Hz is wanted, and {Resampler.LowestRate} to "
                    + $"{Resampler.HighestRate} Hz can be made."
            );
    }

    private static void RequireRoot(string root)
    {
        if (!Directory.Exists(root))
            throw new CorpusException(
                root,
                File.Exists(root) ? "is a file, and a corpus is a folder." : "does not exist. Name the folder that holds the corpus."
            );
    }

    private static bool HoldsPairs(string folder) =>
        Directory.Exists(Path.Combine(folder, "clean")) && Directory.Exists(Path.Combine(folder, "noisy"));
}
