using System.Security.Cryptography;
using System.Text;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Engine;

namespace SpeechGan.Workflows;

/// <summary>What ranks compare before they begin: one that runs another program, or sees other data, would make the others wait or their
/// weights differ.</summary>
internal static class RankAgreement
{
    /// <summary>What a rank is.</summary>
    /// <param name="Host">Name of its machine.</param>
    /// <param name="Program">Version of the program.</param>
    /// <param name="Build">Identity of the compiled program.</param>
    /// <param name="Libtorch">Version of libtorch.</param>
    /// <param name="Settings">Configuration, or what is changed of it.</param>
    internal sealed record Card(string Host, string Program, string Build, string Libtorch, string Settings);

    /// <summary>Compares programs and settings; every rank ends with the same sentence where they differ.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="config">The configuration; null where rank 0 alone has it.</param>
    /// <param name="overrides">What is changed of it.</param>
    /// <returns>This process among those on its machine, from 0.</returns>
    /// <exception cref="GroupException">Programs or libraries differ.</exception>
    /// <exception cref="UsageException">Settings differ.</exception>
    public static int Require(IProcessGroup group, RunConfig? config, IReadOnlyList<string> overrides)
    {
        if (group.Size == 1)
            return 0;
        group.Doing = "comparing programs and settings";
        var cards = group.Share(
            new Card(
                Environment.MachineName,
                Versions.Program,
                typeof(RankAgreement).Module.ModuleVersionId.ToString("N")[..12],
                EngineInfo.Libtorch,
                config?.ToJson() ?? string.Join(' ', overrides)
            )
        );
        if (Difference(cards) is { } sentence)
            throw new GroupException(sentence, group.Rank);
        if (OtherSettings(cards, config is not null) is { } settings)
            throw new UsageException(settings);
        return cards.Take(group.Rank).Count(c => c.Host == cards[group.Rank].Host);
    }

    /// <summary>Opens the corpus on every rank and compares what they see.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="CorpusException">It cannot be used, here or on another rank, or ranks see different ones.</exception>
    public static PairedCorpus Corpus(IProcessGroup group, Func<PairedCorpus> open)
    {
        if (group.Size == 1)
            return open();
        group.Doing = "opening the corpus";
        PairedCorpus? corpus = null;
        string? failure = null;
        try
        {
            corpus = open();
        }
        catch (Exception e) when (e is CorpusException or AudioFileException)
        {
            failure = e.Message;
        }
        var seen = group.Share(
            new Seen(
                Environment.MachineName,
                failure,
                corpus?.Train.Count ?? 0,
                corpus?.Valid.Count ?? 0,
                corpus?.Test.Count ?? 0,
                Digest(corpus)
            )
        );
        var failed = Array.FindIndex(seen, s => s.Failure is not null);
        if (failed >= 0)
            throw new CorpusException(
                $"Rank {failed} on {seen[failed].Host}",
                $"cannot use the corpus: "
                    + $"{seen[failed].Failure}"
                    + (
                        seen.All(s => s.Failure is not null)
                            ? ""
                            : " Other ranks can: each rank reads it, so give a folder that every machine sees, or copies."
                    )
            );
        var odd = Array.FindIndex(seen, s => s.Digest != seen[0].Digest);
        return odd < 0
            ? corpus!
            : throw new CorpusException(
                $"Rank {odd} on {seen[odd].Host}",
                $"has another corpus than rank 0 on {seen[0].Host}: {seen[odd].InWords} against {seen[0].InWords}, compared by names "
                    + $"and lengths. Every rank needs the same files in --data."
            );
    }

    /// <summary>How programs differ, a sentence; null where they do not.</summary>
    internal static string? Difference(IReadOnlyList<Card> cards)
    {
        var odd = Odd(cards, c => c.Program + c.Build);
        if (odd > 0)
            return $"Rank {odd} on {cards[odd].Host} runs SpeechGan {cards[odd].Program} (build {cards[odd].Build}) and rank 0 on "
                + $"{cards[0].Host} {cards[0].Program} (build {cards[0].Build}): "
                + "all ranks must run the same program. Copy one build to all machines, or start it from a folder that all see.";
        odd = Odd(cards, c => c.Libtorch);
        return odd <= 0
            ? null
            : $"Rank {odd} on {cards[odd].Host} computes with libtorch {cards[odd].Libtorch} and rank 0 on {cards[0].Host} with "
                + $"{cards[0].Libtorch}: all ranks need the same one (speechgan doctor says where it comes from).";
    }

    /// <summary>How settings differ, a sentence; null where they do not.</summary>
    internal static string? OtherSettings(IReadOnlyList<Card> cards, bool whole)
    {
        var odd = Odd(cards, c => c.Settings);
        if (odd <= 0)
            return null;
        const string rule = "all processes of a group take the same command line.";
        if (whole != IsConfiguration(cards[odd]) || whole != IsConfiguration(cards[0]))
            return $"Rank {odd} and rank 0 were started with different verbs, or one of them without --resume: {rule}";
        if (!whole)
            return $"Rank {odd} was started with '{cards[odd].Settings}' and rank 0 with '{cards[0].Settings}': {rule}";
        var difference = RunConfig.Parse(cards[odd].Settings, $"rank {odd}").DifferencesTo(RunConfig.Parse(cards[0].Settings, "rank 0"))[0];
        return $"Rank {odd} was started with {difference.Key}={difference.Here} and rank 0 with {difference.There}: {rule}";
    }

    private static bool IsConfiguration(Card card) => card.Settings.StartsWith('{');

    private static int Odd(IReadOnlyList<Card> cards, Func<Card, string> of) => cards.ToList().FindIndex(c => of(c) != of(cards[0]));

    private static string Digest(PairedCorpus? corpus) =>
        corpus is null
            ? ""
            : Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.UTF8.GetBytes(
                        string.Join(
                            '\n',
                            new[] { corpus.Train, corpus.Valid, corpus.Test, corpus.MixIn }.SelectMany(
                                (part, i) =>
                                    part.Select(u =>
                                        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i} {u.Name} {u.Samples}")
                                    )
                            )
                        )
                    )
                )
            );

    private sealed record Seen(string Host, string? Failure, int Train, int Valid, int Test, string Digest)
    {
        public string InWords => $"{Train} training, {Valid} validation and {Test} test utterances";
    }
}
