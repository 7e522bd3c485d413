using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Import;

/// <summary>Five thousand mutations of each kind: each is imported and judged, or refused in a sentence. (tools/fuzz makes
/// millions.)</summary>
public sealed class ImportFuzzTests
{
    private const int Mutations = 1000;

    private static readonly string[] Words =
    [
        "nan",
        "inf",
        "-1",
        "1e999",
        "1,234.5",
        "\"",
        "\n",
        "\r\n",
        ";",
        "\t",
        "{",
        "}",
        "null",
        "Epoch 0, Step 1, loss: ",
        ", disc_loss: ",
        "Namespace(",
        "pesq: ",
        "GPU: 9999, ",
        "epoch",
        "\uFEFF",
        "99999999999999999999",
        "-0",
        "0",
    ];

    private static readonly Dictionary<string, (string Name, byte[] Bytes)[]> Seeds = new()
    {
        ["cmgan of descendants"] =
        [
            (
                "a.err",
                Bytes(
                    "INFO:root:Epoch 0, Step 100, loss: 0.13, disc_loss: 0.07, PESQ: 1.72\n"
                        + "INFO:root:Epoch 0, Step 200, loss: nan, disc_loss: 0.04, PESQ: 1.82\n"
                        + "INFO:root:TEST - Generator loss: 0.05, Discriminator loss: 0.008, PESQ: 2.65\n"
                        + "INFO:root:Epoch 1, loss: 0.0275, disc_loss: 0.0102\nINFO:root:\n pesq: 2.94, csig: 4.34, stoi: 0.94 \n"
                )
            ),
        ],
        ["csv with a decimal comma"] = [("a.csv", Bytes("epoch;step;loss;val/pesq\n1;1;0,5;\n1;2;0,4;2,05\n2;3;1.000,25;\n2;4;0,2;2,1\n"))],
        ["csv of MLflow"] =
        [
            ("a.csv", Bytes("run_id,key,value,step,timestamp\nx,loss,0.5,0,1\nx,loss,0.25,1,2\nx,val_pesq,2.5,0,3\nx,val_pesq,2.75,1,4\n")),
        ],
        ["csv of TensorBoard"] = [("run-.-tag-val_pesq.csv", Bytes("Wall time,Step,Value\n1.5,1,2.25\n2.5,2,2.5\n3.5,3,2.75\n"))],
        ["tensorboard of several trainings"] =
        [
            ("a/events.out.tfevents.1", EventFolderTests.File((1, "loss", 0.5), (2, "loss", 0.4), (2, "pesq", 2.0), (1, "loss", 0.3))),
            ("a/valid/events.out.tfevents.2", EventFolderTests.File((1, "pesq", 2.0), (2, "pesq", 2.1))),
            ("b/events.out.tfevents.3", EventFolderTests.File((1, "loss", 0.5), (2, "loss", 0.4), (3, "pesq", 2.2))),
            (
                "b/events.out.tfevents.4",
                [.. EventFolderTests.File((2, "loss", 0.4)), .. EventEncoding.Start(9, 2), .. EventFolderTests.File((3, "loss", 0.2))]
            ),
        ],
        [SourceKind.Cmgan] =
        [
            (
                "a.log",
                Encoding.UTF8.GetBytes(
                    string.Concat(
                        Enumerable
                            .Range(0, 12)
                            .Select(i =>
                                $"INFO:root:GPU: {i % 2}, Epoch {i / 4}, Step {500 * (1 + (i / 2 % 2))}, loss: 0.0{i}, disc_loss: 0.00{i}\n"
                            )
                    ) + "GPU: 0, Generator loss: 0.1, Discriminator loss: 0.1\npesq: 2.9 csig: 4.1 ssnr: 9\n"
                )
            ),
        ],
        [SourceKind.Csv] =
        [
            (
                "a.csv",
                Bytes(
                    "epoch,step,loss,disc_loss,val/pesq,lr\n1,1,0.5,0.1,,5e-4\n1,2,0.4,0.1,2.0,5e-4\n"
                        + "2,3,\"0.3\",0.1,,5e-4\n2,4,0.2,0.1,2.1,5e-4\n"
                )
            ),
        ],
        [SourceKind.Jsonl] =
        [
            (
                "a.jsonl",
                Bytes(
                    "{\"epoch\": 1, \"step\": 1, \"loss\": 0.5, \"valid\": {\"pesq\": 2.0}}\n"
                        + "{\"epoch\": 1, \"step\": 2, \"loss\": NaN}\n{\"epoch\": 2, \"step\": 3, \"loss\": \"0.4\", \"x\": [1]}\n"
                )
            ),
        ],
        [SourceKind.TensorBoard] =
        [
            (
                "events.out.tfevents.1",
                EventFolderTests.File(
                    (1, "loss", 0.5),
                    (2, "loss", 0.4),
                    (2, "pesq", 2.0),
                    (3, "epoch", 1),
                    (3, "loss", 0.3),
                    (4, "pesq", 2.1)
                )
            ),
        ],
        [SourceKind.Record] =
        [
            (
                "steps.rank0.jsonl",
                Bytes(
                    "{\"epoch\":1,\"step\":1,\"loss\":{\"total\":0.5,\"ri\":0.1},\"discriminatorStepped\":true,"
                        + "\"discriminatorLoss\":0.1,\"sampleCount\":2,\"scored\":1,\"masked\":{\"silent\":1},"
                        + "\"samples\":[{\"name\":\"a\",\"pesq\":2.5},{\"name\":\"b\",\"masked\":\"silent\"}]}\n"
                )
            ),
            (
                "epochs.rank0.jsonl",
                Bytes("{\"epoch\":1,\"split\":\"valid\",\"mean\":{\"pesq_wb\":2.5}," + "\"generatorLearningRate\":0.0005}\n")
            ),
            (
                "evaluations.rank0.jsonl",
                Bytes(
                    "{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"cutStart\":0,\"cutLength\":64000,"
                        + "\"metrics\":{\"pesq_wb\":2.5}}\n"
                )
            ),
        ],
    };

    [Test]
    public void A_mutation_is_imported_and_judged_or_refused_in_a_sentence(
        [Values(
            "cmgan",
            "csv",
            "jsonl",
            "tensorboard",
            "record",
            "cmgan of descendants",
            "csv with a decimal comma",
            "csv of MLflow",
            "csv of TensorBoard",
            "tensorboard of several trainings"
        )]
            string seeds,
        [Values(1, 2, 3, 4, 5)] int seed
    )
    {
        var (kind, random) = (seeds.Split(' ')[0], new Random(seed));
        int sound = 0,
            refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var changed = random.Next(Seeds[seeds].Length);
            (string Name, string, byte[] Bytes)[] files =
            [
                .. Seeds[seeds].Select((f, k) => (f.Name, f.Name, k == changed ? Mutated(f.Bytes, random) : f.Bytes)),
            ];
            try
            {
                var run = Importer.Read(
                    new SourceFiles(files[0].Name, files, IsFolder: files.Length > 1),
                    random.Next(2) == 0 ? kind : null,
                    [],
                    null
                );
                if (i % 10 == 0)
                    Verdict.Of(run).Summary.Should().NotBeEmpty();
                // It can be written as a run's record: nothing in it is NaN.
                _ = JsonLines.Encode(run.Steps).Length + JsonLines.Encode(run.Epochs).Length + JsonLines.Encode(run.Evaluations).Length;
                sound++;
            }
            catch (ImportException e)
            {
                e.Message.Should().NotBeEmpty().And.NotContain("\n");
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{seeds}, seed {seed}, mutation {i}: {e}\n{Encoding.Latin1.GetString(files[changed].Bytes)}");
            }
        }

        TestContext.Out.WriteLine($"{seeds}, seed {seed}: {sound} imported, {refused} refused");
        sound.Should().BeGreaterThan(0);
        // Of several files one is changed: what the others hold is imported.
        if (Seeds[seeds].Length == 1)
            refused.Should().BeGreaterThan(0);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Mutated(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var n = 1 << random.Next(5); n > 0; n--)
        {
            int at = random.Next(bytes.Count + 1),
                length = Math.Min(random.Next(60), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0 when bytes.Count > 0:
                    bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3 when random.Next(8) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
