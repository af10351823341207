"""A recipe that names a teacher: trained first, asked once, resumed with the student."""

import itertools
import json

import numpy as np
import pytest
import torch

from edgesnn.errors import ConfigError, FileError
from edgesnn.train.distil import Distillation, Remembered, Teacher
from edgesnn.train.job import Job
from tests.train.test_training import data

NETWORKS = """
from torch import nn
from tests.train.test_training import Tiny
from edgesnn.layers import Membrane, QuantLinear

class Student(Tiny):
    def __init__(self):
        super().__init__()
        self.second = QuantLinear(32, 3)

    def forward(self, raw):
        x = self.fire(self.conv(self.image(raw)))
        x = self.fire3(self.deep(self.fire2(self.mid(x.flatten(2)))))
        if self.training:
            return self.scores(self.head(x)), self.scores(self.second(x))
        return self.scores(self.head(x) + self.second(x))

class Master(nn.Module):
    def __init__(self):
        super().__init__()
        self.unit = 1.0
        self.linear = nn.Linear(64, 3)

    def forward(self, raw):
        return self.linear(raw.float().reshape(len(raw), 64) / 255)[None]
"""
numbers = itertools.count()


@pytest.fixture
def recipes(tmp_path):
    """A folder with a student's and a teacher's recipe, their networks and data."""
    module = f"lesson_networks_{next(numbers)}"  # Python remembers modules by name
    (tmp_path / f"{module}.py").write_text(NETWORKS)
    split = data(160)
    np.savez(tmp_path / "bars.npz", samples=split.samples.numpy(), labels=split.labels.numpy())
    training = f'[training]\ndataset = "{tmp_path / "bars.npz"}"\nbatch = 16\nshift = 0\nlearning_rate = 2e-2\n'
    (tmp_path / "teacher.toml").write_text(f'[network]\nclass = "{module}:Master"\n{training}epochs = 3\n')
    (tmp_path / "student.toml").write_text(
        f'[network]\nclass = "{module}:Student"\n{training}epochs = 2\n'
        '[distillation]\nteacher = "teacher.toml"\nalpha = 0.25\n'
    )
    return tmp_path


def test_the_teacher_is_trained_first_and_only_once(recipes, tmp_path):
    job, said = Job.load(recipes / "student.toml"), []
    out = tmp_path / "out"
    done = job.run(out, tell=said.append)
    assert [line.split(",")[0] for line in said[:3]] == ["teacher teacher"] * 3
    assert (out / "teacher.checkpoint").is_file() and not (out / "teacher.onnx").exists()
    again = []
    resumed = job.run(out, tell=again.append)
    assert not again and resumed.trained == done.trained
    assert dict(done.model.metadata.recipe)["distillation"] == {
        "teacher": "teacher.toml", "alpha": 0.25, "temperature": 1.0, "soft": False, "start": False,
    }  # fmt: skip
    assert json.loads((out / "student.json").read_text())["distillation"]["alpha"] == 0.25


def test_the_written_job_finds_its_teacher_from_where_it_lies(recipes, tmp_path):
    out = tmp_path / "elsewhere" / "deep"
    Job.load(recipes / "student.toml", epochs=1).run(out)
    said = []
    Job.load(out / "student.json").run(tmp_path / "again", tell=said.append)
    assert said[0].startswith("teacher teacher, epoch 1/3")


def test_the_teacher_is_asked_about_the_whole_training_split(recipes, tmp_path):
    job = Job.load(recipes / "student.toml")
    fit, validation = job.splits()
    teacher = job.teacher(tmp_path, (fit, validation), (0, 1)).remembered(fit.samples)
    assert teacher.table.shape == (len(fit), 3) and teacher.how == Distillation(alpha=0.25)
    assert (teacher.table.argmax(dim=1) == fit.labels).float().mean() > 0.8
    assert not teacher.table.requires_grad


def test_a_student_that_starts_from_its_teacher(recipes, tmp_path, monkeypatch):
    """It takes over the teacher once that has learnt; a network that cannot is refused."""
    path = recipes / "student.toml"
    path.write_text(path.read_text() + "start = true\n")
    job, teachers = Job.load(path), []
    with pytest.raises(ConfigError, match="Student cannot start from a teacher"):
        job.run(tmp_path / "refused")
    monkeypatch.setattr(type(job.build()), "start_from", lambda _, teacher: teachers.append(teacher), raising=False)
    job.run(tmp_path / "out")
    (teacher,) = teachers
    assert teacher.linear.weight.shape == (3, 64)


def test_remembered_answers_are_those_the_teacher_gives():
    class Half(torch.nn.Module):
        unit = 4.0

        def forward(self, raw):
            return torch.stack([raw.float(), 2 * raw.float()])

    samples = torch.arange(21).reshape(7, 3)
    teacher = Teacher(Half())
    rows = torch.tensor([5, 0, 5])
    remembered = teacher.remembered(samples, batch=2)
    assert isinstance(remembered, Remembered)
    assert torch.equal(remembered.logits(samples[rows], rows), teacher.logits(samples[rows], rows))


@pytest.mark.parametrize(
    ("was", "becomes", "error", "problem"),
    [
        ("alpha = 0.25", "alpha = 1.5", ConfigError, "alpha 1.5"),
        ("alpha = 0.25", "alphas = 0.5", ConfigError, "unknown key 'alphas'.*alpha"),
        ('teacher = "teacher.toml"\n', "", ConfigError, "teacher"),
        ("teacher.toml", "nobody.toml", FileError, "nobody.toml"),
        ("[distillation]", "[distilation]", ConfigError, "unknown table.*distillation"),
    ],
)
def test_wrong_lessons_are_refused(recipes, tmp_path, was, becomes, error, problem):
    path = recipes / "student.toml"
    path.write_text(path.read_text().replace(was, becomes))
    with pytest.raises(error, match=problem):
        Job.load(path).run(tmp_path / "out")


def test_a_teacher_of_other_data_is_refused(recipes, tmp_path):
    path = recipes / "teacher.toml"
    path.write_text(path.read_text().replace("bars.npz", "others.npz"))
    np.savez(tmp_path / "others.npz", **np.load(tmp_path / "bars.npz"))
    with pytest.raises(ConfigError, match=r"others\.npz.*its student.*bars\.npz"):
        Job.load(recipes / "student.toml").run(tmp_path / "out")
