using System.Collections.Frozen;

namespace SpeechGan.Import;

/// <summary>What a foreign record can tell, by the names that <c>--map</c> takes.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Meaning">In words.</param>
/// <param name="Aliases">Names that columns and tags have for it, normalised (<see cref="Normalise"/>), the plainest first.</param>
internal sealed record ForeignField(string Name, string Meaning, params string[] Aliases)
{
    public static readonly ForeignField Epoch = new(
        "epoch",
        "epoch",
        "epoch",
        "epoch_number",
        "epochs",
        "current_epoch",
        "epoch_idx",
        "ep"
    );
    public static readonly ForeignField Step = new(
        "step",
        "training step",
        "step",
        "global_step",
        "trainer_global_step",
        "train_step",
        "iteration",
        "iter",
        "steps",
        "batch_idx"
    );
    public static readonly ForeignField Loss = new(
        "loss",
        "the generator's training loss",
        "loss",
        "train_loss",
        "loss_train",
        "training_loss",
        "loss_total",
        "total_loss",
        "train_loss_total",
        "gen_loss",
        "generator_loss",
        "g_loss",
        "loss_g",
        "loss_generator",
        "train_gen_loss",
        "train_generator_loss",
        "train_loss_step",
        "train_g_loss",
        "loss_gen",
        "train_loss_g",
        "train_loss_gen"
    );
    public static readonly ForeignField EpochLoss = new(
        "epoch_loss",
        "the epoch's mean training loss",
        "epoch_loss_total",
        "epoch_loss",
        "train_loss_epoch"
    );
    public static readonly ForeignField LossRi = new(
        "loss_ri",
        "RI loss term, not weighted",
        "loss_ri",
        "ri_loss",
        "train_loss_ri",
        "train_ri_loss",
        "ri",
        "complex_loss",
        "loss_complex",
        "train_complex_loss"
    );
    public static readonly ForeignField LossMagnitude = new(
        "loss_magnitude",
        "magnitude loss term, not weighted",
        "loss_magnitude",
        "loss_mag",
        "mag_loss",
        "magnitude_loss",
        "train_loss_mag",
        "train_loss_magnitude",
        "train_mag_loss",
        "train_magnitude_loss"
    );
    public static readonly ForeignField LossTime = new(
        "loss_time",
        "time loss term, not weighted",
        "loss_time",
        "time_loss",
        "train_loss_time",
        "train_time_loss"
    );
    public static readonly ForeignField LossGan = new(
        "loss_gan",
        "GAN loss term, not weighted",
        "loss_gan",
        "gan_loss",
        "gen_loss_gan",
        "adv_loss",
        "loss_adv",
        "train_loss_gan",
        "train_gan_loss",
        "train_gen_loss_gan",
        "metric_loss",
        "loss_metric",
        "train_metric_loss"
    );
    public static readonly ForeignField DiscriminatorLoss = new(
        "disc_loss",
        "the discriminator's loss",
        "disc_loss",
        "discriminator_loss",
        "loss_discriminator",
        "d_loss",
        "loss_d",
        "loss_disc",
        "train_disc_loss",
        "train_discriminator_loss",
        "train_loss_d",
        "train_d_loss",
        "train_loss_disc",
        "discrim_loss",
        "discrim_loss_metric",
        "epoch_loss_discriminator"
    );
    public static readonly ForeignField DiscriminatorStepped = new(
        "disc_stepped",
        "1 where the discriminator was updated, else 0",
        "disc_stepped",
        "discriminator_stepped",
        "train_discriminator_stepped",
        "d_stepped",
        "train_disc_stepped"
    );
    public static readonly ForeignField DiscriminatorRate = new(
        "disc_rate",
        "share of the epoch's batches on which the discriminator was updated, 0 to 1",
        "disc_rate",
        "discriminator_rate",
        "train_discriminator_rate",
        "train_disc_rate"
    );
    public static readonly ForeignField DiscriminatorCorrelation = new(
        "disc_correlation",
        "correlation of the discriminator's output with PESQ",
        "disc_correlation",
        "discriminator_correlation",
        "train_discriminator_correlation"
    );
    public static readonly ForeignField DiscriminatorError = new(
        "disc_error",
        "mean error of the discriminator, PESQ points",
        "disc_error",
        "discriminator_error",
        "train_discriminator_error"
    );
    public static readonly ForeignField LearningRate = new(
        "lr",
        "the generator's learning rate",
        "lr",
        "learning_rate",
        "learning_rate_generator",
        "lr_g",
        "lr_gen",
        "train_lr",
        "gen_lr",
        "lr_adamw",
        "train_learning_rate"
    );
    public static readonly ForeignField DiscriminatorLearningRate = new(
        "disc_lr",
        "the discriminator's learning rate",
        "disc_lr",
        "learning_rate_discriminator",
        "lr_d",
        "lr_disc",
        "d_lr"
    );
    public static readonly ForeignField GradientRi = new(
        "grad_ri",
        "norm of the RI term's gradient at the generator's output",
        "grad_ri",
        "gradient_norm_ri",
        "grad_norm_ri"
    );
    public static readonly ForeignField GradientMagnitude = new(
        "grad_magnitude",
        "norm of the magnitude term's gradient at the generator's output",
        "grad_magnitude",
        "gradient_norm_magnitude",
        "grad_norm_magnitude"
    );
    public static readonly ForeignField GradientTime = new(
        "grad_time",
        "norm of the time term's gradient at the generator's output",
        "grad_time",
        "gradient_norm_time",
        "grad_norm_time"
    );
    public static readonly ForeignField GradientGan = new(
        "grad_gan",
        "norm of the GAN term's gradient at the generator's output",
        "grad_gan",
        "gradient_norm_gan",
        "grad_norm_gan"
    );
    public static readonly ForeignField ShareRi = new(
        "share_ri",
        "RI term's share of the summed gradient norms",
        "share_ri",
        "gradient_share_ri"
    );
    public static readonly ForeignField ShareMagnitude = new(
        "share_magnitude",
        "magnitude term's share of the summed gradient norms",
        "share_magnitude",
        "gradient_share_magnitude"
    );
    public static readonly ForeignField ShareTime = new(
        "share_time",
        "time term's share of the summed gradient norms",
        "share_time",
        "gradient_share_time"
    );
    public static readonly ForeignField ShareGan = new(
        "share_gan",
        "GAN term's share of the summed gradient norms",
        "share_gan",
        "gradient_share_gan"
    );
    public static readonly ForeignField GradientGenerator = new(
        "grad_generator",
        "norm of the gradient of all generator parameters",
        "grad_generator",
        "gradient_norm_generator",
        "grad_norm_generator",
        "grad_norm",
        "grad_norm_g",
        "train_grad_norm"
    );
    public static readonly ForeignField GradientDiscriminator = new(
        "grad_discriminator",
        "norm of the gradient of all discriminator parameters",
        "grad_discriminator",
        "gradient_norm_discriminator",
        "grad_norm_discriminator",
        "grad_norm_d"
    );
    public static readonly ForeignField ValidationLoss = new(
        "valid_loss",
        "the generator's validation loss",
        "valid_loss",
        "val_loss",
        "validation_loss",
        "eval_loss",
        "test_loss",
        "valid_gen_loss",
        "val_gen_loss",
        "test_gen_loss"
    );
    public static readonly ForeignField Pesq = Score("pesq", "mean wide-band PESQ of validation", "pesq", "pesq_wb", "pesq_score");
    public static readonly ForeignField Csig = Score("csig", "mean CSIG of validation", "csig");
    public static readonly ForeignField Cbak = Score("cbak", "mean CBAK of validation", "cbak");
    public static readonly ForeignField Covl = Score("covl", "mean COVL of validation", "covl");
    public static readonly ForeignField Ssnr = Score("ssnr", "mean segmental SNR of validation, dB", "ssnr");
    public static readonly ForeignField Stoi = Score("stoi", "mean STOI of validation, 0 to 1", "stoi");
    public static readonly ForeignField SiSdr = Score("si_sdr", "mean SI-SDR of validation, dB", "si_sdr", "sisdr");

    private const string Training = "training_";

    /// <summary>All fields, in the order of the help.</summary>
    public static IReadOnlyList<ForeignField> All { get; } =
    [
        Epoch,
        Step,
        Loss,
        EpochLoss,
        LossRi,
        LossMagnitude,
        LossTime,
        LossGan,
        DiscriminatorLoss,
        DiscriminatorStepped,
        DiscriminatorRate,
        DiscriminatorCorrelation,
        DiscriminatorError,
        Pesq,
        Csig,
        Cbak,
        Covl,
        Ssnr,
        Stoi,
        SiSdr,
        ValidationLoss,
        LearningRate,
        DiscriminatorLearningRate,
        GradientRi,
        GradientMagnitude,
        GradientTime,
        GradientGan,
        GradientGenerator,
        GradientDiscriminator,
        ShareRi,
        ShareMagnitude,
        ShareTime,
        ShareGan,
    ];

    /// <summary>Validation metrics, with their names in the record.</summary>
    public static FrozenDictionary<ForeignField, string> Metrics { get; } =
        new Dictionary<ForeignField, string>
        {
            [Pesq] = "pesq_wb",
            [Csig] = "csig",
            [Cbak] = "cbak",
            [Covl] = "covl",
            [Ssnr] = "ssnr",
            [Stoi] = "stoi",
            [SiSdr] = "si_sdr",
        }.ToFrozenDictionary();

    /// <summary>Whether it is a loss or a gradient, which must be finite in a sound training.</summary>
    public bool MustBeFinite =>
        Name.StartsWith("loss", StringComparison.Ordinal)
        || Name.StartsWith("grad", StringComparison.Ordinal)
        || Name is "disc_loss" or "epoch_loss";

    /// <summary>A name in lower case, with one underscore for everything that is neither letter nor digit: <c>Valid/PESQ</c> is
    /// <c>valid_pesq</c>, <c>Training/Loss</c> is <c>train_loss</c>.</summary>
    public static string Normalise(string name)
    {
        var plain = Plain(name);
        return plain.StartsWith(Training, StringComparison.Ordinal) ? "train_" + plain[Training.Length..] : plain;
    }

    private static string Plain(string name)
    {
        var text = new System.Text.StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
                text.Append(char.ToLowerInvariant(c));
            else if (text.Length > 0 && text[^1] != '_')
                text.Append('_');
        }

        return text.ToString().TrimEnd('_');
    }

    private static ForeignField Score(string name, string meaning, params string[] words) =>
        new(
            name,
            meaning,
            [
                .. words,
                .. new[] { "valid", "val", "validation", "eval", "dev", "test" }.SelectMany(p =>
                    words.SelectMany(w => new[] { $"{p}_{w}", $"{w}_{p}" })
                ),
                .. words.SelectMany(w => new[] { $"{w}_mean", $"mean_{w}", $"avg_{w}" }),
            ]
        );
}
